using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.Json;
using JitAccess.Cli.Commands;

namespace JitAccess.Cli;

/// <summary>The program.</summary>
internal static class Jit
{
    /// <summary>Runs a command line.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CliContext context, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Root(context).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (ParseError error in parsed.Errors) context.Error.WriteLine(error.Message);
            context.Error.WriteLine($"See {parsed.CommandResult.Command.Name} --help.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
        }
        catch (CliException exception)
        {
            context.Error.WriteLine(exception.Message);
            return exception.Code;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine(exception.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Error.WriteLine("Broken off.");
            return ExitCode.Failed;
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(CliContext context)
    {
        Option<bool> json = new("--json") { Description = "Write results as JSON", Recursive = true };
        RootCommand root = new("Just-in-time access to nodes of AWS Systems Manager") { json };
        CommandFactory commands = new(context, json);
        Command[] all =
        [
            LoginCommand.Create(commands), LogoutCommand.Create(commands), StatusCommand.Create(commands), NodesCommand.Create(commands), RequestCommand.Create(commands), RequestsCommand.Create(commands),
            ApprovalsCommand.Create(commands), AnswerCommands.Approve(commands), AnswerCommands.Reject(commands), AnswerCommands.Cancel(commands), AnswerCommands.Return(commands),
            SessionsCommand.Create(commands), ConnectCommand.Create(commands), PortCommands.Forward(commands), PortCommands.SshProxy(commands), CompletionCommand.Create(commands),
        ];
        foreach (Command command in all) root.Add(command);
        return root;
    }
}

/// <summary>Makes commands that act with the context.</summary>
internal sealed class CommandFactory(CliContext context, Option<bool> json)
{
    public CliContext Context => context;

    public Command Create(string name, string description, Func<ParseResult, CancellationToken, Task<int>> act, params Symbol[] symbols)
    {
        Command command = new(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else command.Add((Argument)symbol);
        }
        command.SetAction((parsed, cancellationToken) =>
        {
            context.IsJson = parsed.GetValue(json);
            return act(parsed, cancellationToken);
        });
        return command;
    }
}
