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

    private const string PortForwarding = "AWS-StartPortForwardingSession";
    private const string PortForwardingToHost = "AWS-StartPortForwardingSessionToRemoteHost";
    private const string Ssh = "AWS-StartSSHSession";

    public static bool Exists(string document) =>
        document is Shell or InteractiveCommand or NonInteractiveCommand or PortForwarding or PortForwardingToHost or Ssh;

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
            PortForwarding => PortNodeProgram.For(
                node, new PortDestination("", given.Port("portNumber", 80)), given.Optional("localPortNumber", "0"), PortNodeProgram.LocalPortForwarding),
            PortForwardingToHost => PortNodeProgram.For(
                node, new PortDestination(given.Required("host"), given.Port("portNumber")), given.Optional("localPortNumber", "0"), PortNodeProgram.LocalPortForwarding),
            Ssh => PortNodeProgram.For(node, new PortDestination("", given.Port("portNumber", 22)), "0", type: null),
            _ => throw new AwsError("InvalidDocument", $"Document with name {document} does not exist."),
        };
        given.ThrowIfUnknown();
        return program;
    }

    /// <summary>The same document for a machine's own agent.</summary>
    public static SessionDocumentContent Content(string document, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters)
    {
        DocumentParameters given = new(parameters);
        SessionDocumentContent content = document switch
        {
            Shell => new(document, SessionTypes.StandardStream, new { }),
            InteractiveCommand => new(document, SessionTypes.InteractiveCommands, new
            {
                linux = new { commands = given.Required("command"), runAsElevated = false },
            }),
            NonInteractiveCommand => new(document, SessionTypes.NonInteractiveCommands, new
            {
                linux = new { commands = given.Required("command"), runAsElevated = false, separateOutputStream = given.Optional("separateOutputStream", "false") },
            }),
            PortForwarding or PortForwardingToHost => new(document, SessionTypes.Port, new
            {
                portNumber = $"{given.Port("portNumber", document == PortForwarding ? 80 : null)}",
                localPortNumber = given.Optional("localPortNumber", "0"),
                type = PortNodeProgram.LocalPortForwarding,
                host = document == PortForwarding ? "" : given.Required("host"),
            }),
            Ssh => new(document, SessionTypes.Port, new { portNumber = $"{given.Port("portNumber", 22)}" }),
            _ => throw new AwsError("InvalidDocument", $"Document with name {document} does not exist."),
        };
        given.ThrowIfUnknown();
        return content;
    }
}
