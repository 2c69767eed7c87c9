using System.Text;
using CsCheck;
using JitAccess.Web.Sessions.Recordings;

namespace JitAccess.Web.Tests.Sessions.Recordings;

public sealed class CommandFinderTests
{
    private readonly List<string> _found = [];
    private readonly CommandFinder _finder;

    public CommandFinderTests() => _finder = new CommandFinder(_found.Add);

    [Fact]
    public void LineAtAPrompt_IsFoundWithoutIt()
    {
        Output("alice@web:~$ ");
        Type("ls -la", "ls -la");
        Enter();
        Output("total 0\r\nalice@web:~$ ");
        Assert.Equal(["ls -la"], _found);
    }

    [Theory]
    [InlineData("# ")]
    [InlineData("sh-5.2$ ")]
    [InlineData("PS C:\\Users\\alice> ")]
    [InlineData("\u001b]0;alice@web: ~\u0007\u001b[01;32malice@web\u001b[00m:\u001b[01;34m~\u001b[00m$ ")]
    [InlineData("\u001b[?2004halice@web:/srv/data$ ")]
    [InlineData("❯ ")]
    public void PromptsOfManyKinds_AreKnown(string prompt)
    {
        Output(prompt);
        Type("whoami", "whoami");
        Enter();
        Output(prompt);
        Type("id", "id");
        Enter();
        Assert.Equal(["whoami", "id"], _found);
    }

    [Fact]
    public void PasswordsAndAnswers_AreNone()
    {
        Output("alice@web:~$ ");
        Type("sudo -i", "sudo -i");
        Enter();
        Output("[sudo] password for alice: ");
        Type("", "hunter2");
        Enter();
        Output("Continue? [Y/n] ");
        Type("y", "y");
        Enter();
        Output("root@web:~# ");
        Type("id", "id");
        Enter();
        Assert.Equal(["sudo -i", "id"], _found);
    }

    [Fact]
    public void WhatIsErasedOrChanged_IsFoundAsItWasEntered()
    {
        Output("$ ");
        Type("lss", "lss");
        Type("\b\u001b[K", "\u007f");
        Type(" /etcc", " /etcc");
        Type("\b\u001b[K", "\u007f");
        // Back to the beginning, a word put in.
        Type("\r$ ", "\u0001");
        Type("\u001b[5@sudo ls /etc\b\b\b\b\b\b\b", "sudo ");
        Enter();
        Assert.Equal(["sudo ls /etc"], _found);
    }

    [Fact]
    public void LineWiderThanTheTerminal_IsOneCommand()
    {
        _finder.Resize(10);
        Output("$ ");
        // At the margin, readline goes on in the next row with a blank and a carriage return.
        Type("echo abc \r", "echo abc");
        Type("def", "def");
        Enter();
        Assert.Equal(["echo abcdef"], _found);
    }

    [Fact]
    public void FullScreenPrograms_AreNoPlaceForCommands()
    {
        Output("$ ");
        Type("vim x", "vim x");
        Enter();
        Output("\u001b[?1049h\u001b[H~\r\n$ not a command\r\n");
        Type("$ still not", "i$ still not\r");
        Output("\r\n\u001b[?1049l$ ");
        Type("ls", "ls");
        Enter();
        Assert.Equal(["vim x", "ls"], _found);
    }

    [Fact]
    public void OutputThatLooksLikeAPrompt_WithoutAnyoneEnteringIt_IsNone()
    {
        Output("$ ");
        Type("cat log", "cat log");
        Enter();
        Output("$ rm -rf /\r\n$ reboot\r\n$ ");
        Assert.Equal(["cat log"], _found);
    }

    [Fact]
    public void LinePastedAtOnce_IsFoundBehindItsPrompt()
    {
        Output("alice@web:~$ ");
        Type("cd /srv", "cd /srv");
        Enter();
        Output("alice@web:/srv$ ");
        _finder.Input("pwd\rls\r"u8);
        Output("pwd\r\n/srv\r\nalice@web:/srv$ ls\r\nfile\r\nalice@web:/srv$ ");
        Assert.Equal(["cd /srv", "pwd", "ls"], _found);
    }

    [Fact]
    public void WideCharactersAndLongLines_AreKeptAndCut()
    {
        Output("$ ");
        Type("echo 日本語 🎉", "echo 日本語 🎉");
        Enter();
        Output("$ ");
        Type(new string('x', 3000), new string('x', 3000));
        Enter();
        Assert.Equal(["echo 日本語 🎉", new string('x', 1000)], _found);
    }

    [Fact]
    public void AnyBytes_NeverThrow()
    {
        Gen.Byte.Array[0, 300].Array[1, 20].Sample(pieces =>
        {
            CommandFinder finder = new(command => Assert.DoesNotContain(command, char.IsControl));
            foreach (byte[] piece in pieces)
            {
                finder.Input(piece);
                finder.Output(piece);
                finder.Resize(1 + (piece.Length % 7));
            }
        });
    }

    private void Output(string text) => _finder.Output(Encoding.UTF8.GetBytes(text));

    /// <summary>Keys, then what the terminal shows of them.</summary>
    private void Type(string shown, string keys)
    {
        _finder.Input(Encoding.UTF8.GetBytes(keys));
        Output(shown);
    }

    private void Enter() => Type("\r\n", "\r");
}
