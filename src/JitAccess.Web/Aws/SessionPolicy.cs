using System.Text.Json;
using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Aws;

/// <summary>The session policy of credentials for one session: this node, this document, this person's sessions, nothing else.</summary>
internal static class SessionPolicy
{
    private static readonly string[] OnOwnSessions = ["ssm:ResumeSession", "ssm:TerminateSession"];

    /// <summary>The policy as the JSON that <c>AssumeRole</c> takes.</summary>
    public static string For(AwsArns arns, InstanceId node, string document, string sessionName) => JsonSerializer.Serialize(new
    {
        Version = "2012-10-17",
        Statement = new object[]
        {
            new
            {
                Effect = "Allow",
                Action = "ssm:StartSession",
                Resource = new[] { arns.Node(node), arns.Document(document) },
                // Without it, whoever names no document gets the default one unasked.
                Condition = new { BoolIfExists = new Dictionary<string, string> { ["ssm:SessionDocumentAccessCheck"] = "true" } },
            },
            new
            {
                Effect = "Allow",
                Action = OnOwnSessions,
                Resource = arns.SessionsOf(sessionName),
            },
        },
    });

    /// <summary>The policy of credentials that make one session's data key, and do nothing else.</summary>
    /// <remarks>The node names the key, so the key is bound to that node and that session.</remarks>
    public static string ForKey(AwsArns arns, string keyId, KmsContext context) => JsonSerializer.Serialize(new
    {
        Version = "2012-10-17",
        Statement = new object[]
        {
            new
            {
                Effect = "Allow",
                Action = "kms:GenerateDataKey",
                Resource = arns.Key(keyId),
                Condition = new { StringEquals = context.ToDictionary().ToDictionary(pair => $"kms:EncryptionContext:{pair.Key}", pair => pair.Value) },
            },
        },
    });
}
