using System.Text.Json.Nodes;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies.Documents;

/// <summary>A policy's rules for sessions, as the document has them.</summary>
internal static class SessionRulesDocument
{
    /// <summary>The field of the policies that have it.</summary>
    public const string Field = "sessionRules";

    public static JsonObject? Write(SessionRules? rules)
    {
        if (rules is null) return null;
        JsonObject fields = [];
        if (rules.IdleTimeout is { } idle) fields["idleTimeout"] = DurationText.Write(idle);
        fields["needsObserver"] = rules.NeedsObserver;
        fields["tellsWhenWatched"] = rules.TellsWhenWatched;
        if (rules.RecordingDays is { } days) fields["recordingDays"] = days;
        fields["allowsCredentials"] = rules.AllowsCredentials;
        return fields;
    }

    public static SessionRules? Read(DocumentFields of, PolicyCheck check)
    {
        if (of.Node(Field) is not { } node) return null;
        DocumentFields fields = new(node, "the rules for sessions", check.Problems);
        if (!fields.IsReadable) return null;
        SessionRules rules = new()
        {
            IdleTimeout = IdleTimeout(fields, check),
            NeedsObserver = fields.Flag("needsObserver", otherwise: false),
            TellsWhenWatched = fields.Flag("tellsWhenWatched", otherwise: true),
            RecordingDays = fields.WholeNumber("recordingDays"),
            AllowsCredentials = fields.Flag("allowsCredentials", otherwise: false),
        };
        fields.RefuseOthers();
        if (node is FieldsNode { Fields.Count: 0 }) check.Problems.Add(node, "The rules for sessions are empty. Leave them out if there are none.");
        return rules;
    }

    private static TimeSpan? IdleTimeout(DocumentFields fields, PolicyCheck check)
    {
        if (fields.Text("idleTimeout") is not { } text) return null;
        if (DurationText.TryRead(text, out TimeSpan idle)) return idle;
        check.Problems.Add(fields.At("idleTimeout"), $"“{text}” is no duration. Write a number and a unit: 15 minutes, 1 hour.");
        return null;
    }
}
