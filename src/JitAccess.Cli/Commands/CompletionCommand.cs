using System.CommandLine;

namespace JitAccess.Cli.Commands;

/// <summary>Writes what makes a shell complete the program's words. The shell asks the program itself, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _jit() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(jit "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _jit jit
        """;

    private const string Zsh = """
        #compdef jit
        _jit() {
            local -a words_of_jit
            words_of_jit=("${(@f)$(jit "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_of_jit
        }
        compdef _jit jit
        """;

    private const string Fish = """
        complete -f -c jit -a '(jit "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Create(CommandFactory commands)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return commands.Create("completion", "Write a script that makes your shell complete jit", (parsed, _) =>
        {
            commands.Context.Out.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return Task.FromResult(ExitCode.Done);
        }, shell);
    }
}
