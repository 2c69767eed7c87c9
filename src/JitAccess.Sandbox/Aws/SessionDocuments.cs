using JitAccess.Sandbox.Terminal;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>The session documents that exist here, and what each runs.</summary>
internal sealed class SessionDocuments(NodeShells shells)
{
    /// <summary>The document of whoever names none.</summary>
    public const string Shell = "SSM-SessionManagerRunShell";

    private const string InteractiveCommand = "AWS-StartInteractiveCommand";
    private const string NonInteractiveCommand = "AWS-StartNonInteractiveCommand";

    public static bool Exists(string document) => document is Shell or InteractiveCommand or NonInteractiveCommand;

    /// <summary>The program of a session; throws <see cref="AwsError"/> for a document or parameter that does not exist.</summary>
    public NodeProgram Program(string document, EmulatedNode node, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters)
    {
        DocumentParameters given = new(parameters);
        NodeProgram program = document switch
        {
            Shell => new TerminalNodeProgram(shells.Shell(node.Name), SessionTypes.StandardStream),
            InteractiveCommand => new TerminalNodeProgram(shells.Command(node.Name, given.Required("command")), SessionTypes.InteractiveCommands),
            NonInteractiveCommand => new CommandNodeProgram(
                shells.Command(node.Name, given.Required("command")), given.Optional("separateOutputStream", "false") == "true"),
            _ => throw new AwsError("InvalidDocument", $"Document with name {document} does not exist."),
        };
        given.ThrowIfUnknown();
        return program;
    }
}
