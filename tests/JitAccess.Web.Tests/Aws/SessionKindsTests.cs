using JitAccess.Domain.Nodes;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Aws;

/// <summary>Opener and data channel together, against the emulator: encrypted shells, commands.</summary>
public sealed class SessionKindsTests
{
    private const string KeyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/6f1ed51c-9b0c-4a53-8d0e-0c4a4c2a1f11";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shell_OnANodeThatWantsKms_IsEncryptedWithAKeyOfThisSessionOnly()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(EncryptedWorld());
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        Listener listener = new();
        await using DataChannelClient client = Connect(aws, opened, listener);
        await Eventually.TrueAsync(() => listener.Output.Contains("$ ", StringComparison.Ordinal), "the prompt");

        await client.SendAsync("echo se''cret; exit\r"u8.ToArray(), Cancellation);
        ChannelEnd end = await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(ChannelEndReason.Closed, end.Reason);
        Assert.Contains("secret\r\n", listener.Output, StringComparison.Ordinal);
        Assert.Equal(["This session is encrypted using AWS KMS."], listener.Messages);
        Assert.True(listener.Opening!.IsEncrypted);
        RecordedCall made = Assert.Single(aws.CallsOf("GenerateDataKey"));
        Assert.Equal(("requester", KeyArn, "64"), (made.SessionName, made.Parameters["KeyId"], made.Parameters["NumberOfBytes"]));
        Assert.Contains(opened.AwsSessionId, made.Parameters["EncryptionContext"], StringComparison.Ordinal);
        Assert.Contains(DefaultWorld.DemoLinux, made.Parameters["EncryptionContext"], StringComparison.Ordinal);
        string policy = aws.CallsOf("AssumeRole")[^1].Parameters["Policy"];
        Assert.Contains($"\"kms:EncryptionContext:aws:ssm:SessionId\":\"{opened.AwsSessionId}\"", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("ssm:StartSession", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_WhoseRoleMayNotUseTheKey_EndsWithTheReason()
    {
        SandboxWorld world = EncryptedWorld();
        const string ssmOnly = """{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ssm:*", "Resource": "*" }] }""";
        await using EmulatedAws aws = await EmulatedAws.StartAsync(world with { Roles = [.. world.Roles.Select(role => role with { Policy = ssmOnly })] });
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        Listener listener = new();
        await using DataChannelClient client = Connect(aws, opened, listener);

        ChannelEnd end = await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.Contains("AWS denied kms:GenerateDataKey", end.Detail, StringComparison.Ordinal);
        Assert.Equal("", listener.Output);
    }

    [Theory]
    [InlineData("key/0a0a0a0a-0000-0000-0000-000000000000")]
    [InlineData("alias/sessions")]
    public void KeyThatTheNodeNames_IsAllTheResourceThereIs(string named)
    {
        AwsArns arns = new(Domain.People.RoleArn.Parse("arn:aws:iam::111111111111:role/r"), EmulatedAws.MainTokyo);
        string arn = $"arn:aws:kms:ap-northeast-1:111111111111:{named}";
        string expected = named.StartsWith("key/", StringComparison.Ordinal) ? arn : "arn:aws:kms:ap-northeast-1:111111111111:key/*";
        Assert.Equal(expected, arns.Key(arn));
        Assert.Equal(expected, arns.Key(named.Replace("key/", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task NonInteractiveCommand_OutputErrorAndExitCode_ComeApart()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        SessionDocument document = SessionDocument.NonInteractiveCommand("ls -d /etc /nonexist; exit 2");
        SessionDocument separated = document with
        {
            Parameters = new Dictionary<string, string>(document.Parameters) { ["separateOutputStream"] = "true" },
        };
        Listener listener = await RunAsync(aws, separated);

        Assert.Equal("/etc\n", listener.Output);
        Assert.Contains("/nonexist", listener.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal([2], listener.ExitCodes);
        Assert.Equal(SessionTypes.NonInteractiveCommands, listener.Opening!.SessionType);
        Assert.Equal("AWS-StartNonInteractiveCommand", Assert.Single(aws.CallsOf("StartSession")).Parameters["DocumentName"]);
    }

    [Fact]
    public async Task NonInteractiveCommand_WithoutSeparateStreams_MixesThemAndTellsNoCode()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        Listener listener = await RunAsync(aws, SessionDocument.NonInteractiveCommand("echo out; echo err >&2; exit 2"));
        Assert.Contains("out\n", listener.Output, StringComparison.Ordinal);
        Assert.Contains("err\n", listener.Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), (listener.ErrorOutput, listener.ExitCodes.Count));
    }

    [Fact]
    public async Task NonInteractiveCommand_OnANodeThatWantsKms_IsEncrypted()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(EncryptedWorld());
        Listener listener = await RunAsync(aws, SessionDocument.NonInteractiveCommand("seq 5000"));
        Assert.Equal(string.Concat(Enumerable.Range(1, 5000).Select(n => $"{n}\n")), listener.Output);
        Assert.True(listener.Opening!.IsEncrypted);
    }

    [Fact]
    public async Task InteractiveCommand_RunsOnATerminalAndEnds()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        Listener listener = await RunAsync(aws, SessionDocument.InteractiveCommand("tty >/dev/null && echo on a terminal"));
        Assert.Equal("on a terminal\r\n", listener.Output);
        Assert.Empty(listener.Messages);
    }

    private static async Task<Listener> RunAsync(EmulatedAws aws, SessionDocument document)
    {
        OpenedSession opened = await aws.Sessions.StartAsync(Order() with { Document = document }, Cancellation);
        Listener listener = new();
        await using DataChannelClient client = Connect(aws, opened, listener);
        ChannelEnd end = await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        return listener;
    }

    private static DataChannelClient Connect(EmulatedAws aws, OpenedSession opened, Listener listener) => DataChannelClient.Start(
        opened.Address,
        async cancellationToken => await aws.Sessions.ResumeAsync(Order(), opened.AwsSessionId, cancellationToken),
        listener,
        new DataChannelOptions(),
        TimeProvider.System);

    private static SandboxWorld EncryptedWorld()
    {
        SandboxWorld world = DefaultWorld.Create();
        return world with { Nodes = [.. world.Nodes.Select(node => node.Id == DefaultWorld.DemoLinux ? node with { KmsKeyArn = KeyArn } : node)] };
    }

    private static SessionOrder Order() => new(
        "requester", EmulatedAws.MainTokyo, InstanceId.Parse(DefaultWorld.DemoLinux), "look", DateTimeOffset.UtcNow.AddHours(1));
}
