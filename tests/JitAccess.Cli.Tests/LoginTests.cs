using System.Text.Json;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;

namespace JitAccess.Cli.Tests;

public sealed class LoginTests
{
    [Fact]
    public async Task Login_OnceConfirmed_KeepsItsTokensPrivate_AndLogoutEndsThem()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        Assert.Equal(ExitCode.NotSignedIn, (await stage.RunAsync(TestPeople.Requester, "status")).Code);
        (int code, string output, string error) = await stage.LoginAsync(TestPeople.Requester);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("as requester", output, StringComparison.Ordinal);
        Assert.Equal("jit on test-machine", Assert.Single(await MineAsync(stage)).Client);

        string file = Path.Combine(stage.FolderOf(TestPeople.Requester), "credentials.json");
        string token = JsonDocument.Parse(await File.ReadAllTextAsync(file, CliStage.Cancellation)).RootElement.GetProperty("refreshToken").GetString()!;
        Assert.DoesNotContain(token, output + error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(stage.FolderOf(TestPeople.Requester)));
        }

        Assert.Equal(ExitCode.Done, (await stage.RunAsync(TestPeople.Requester, "logout")).Code);
        Assert.Empty(await MineAsync(stage));
        Assert.False(File.Exists(file));
        Assert.Equal(ExitCode.Done, (await stage.RunAsync(TestPeople.Requester, "logout")).Code);
    }

    [Fact]
    public async Task Login_ThatIsRefusedOrLate_SaysSo()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        (int code, _, string error) = await stage.LoginAsync(TestPeople.Requester, (service, login) => service.RefuseAsync(TestPeople.Requester, login.Id, CliStage.Cancellation));
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("refused", error, StringComparison.Ordinal);
        (code, _, error) = await stage.LoginAsync(TestPeople.Requester, (_, _) => Task.CompletedTask);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("in time", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://jitaccess.example.com", "https")]
    [InlineData("ftp://127.0.0.1", "no address")]
    [InlineData("jitaccess", "no address")]
    public async Task Login_ToWhatIsNoSafeServer_IsRefusedBeforeAnythingIsSent(string server, string why)
    {
        await using CliStage stage = await CliStage.CreateAsync();
        (int code, _, string error) = await stage.RunAsync(TestPeople.Requester, "login", "--server", server);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await stage.RunAsync(TestPeople.Requester, "login")).Code);
        Assert.Contains("Scopes are", (await stage.LoginAsync(TestPeople.Requester, null, "--scope", "everything")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_ThatHaveRunOut_AreRenewed_AlsoByManyAtOnce_AndOnesThatAreRevokedAreNot()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        await stage.LoginAsync(TestPeople.Requester);
        stage.Api.World.Clock.Advance(TimeSpan.FromMinutes(20));
        // Each is a process of its own as far as the file is concerned; a refresh token that two of them used would end the login.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => stage.RunAsync(TestPeople.Requester, "status"))), run => Assert.True(run.Code == ExitCode.Done, run.Error));
        Assert.Equal(ExitCode.Done, (await stage.RunAsync(TestPeople.Requester, "status")).Code);

        await stage.Api.Get<TokenService>().RevokeAsync(TestPeople.Requester, (await MineAsync(stage))[0].Id, CliStage.Cancellation);
        (int code, _, string error) = await stage.RunAsync(TestPeople.Requester, "status");
        Assert.Equal(ExitCode.NotSignedIn, code);
        Assert.Contains("jit login", error, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<TokenFamily>> MineAsync(CliStage stage) => stage.Api.Get<TokenQueries>().MineAsync(TestPeople.Requester, CliStage.Cancellation);
}
