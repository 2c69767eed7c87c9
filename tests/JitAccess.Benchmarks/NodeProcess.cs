using JitAccess.Sandbox.Aws;

namespace JitAccess.Benchmarks;

/// <summary>A process of its own for the emulator and its shells, so that their memory and their work are not the gateway's. Says its address and its key, and ends with its input.</summary>
internal static class NodeProcess
{
    public const string Name = "node-process";

    public static async Task RunAsync()
    {
        EmulatedAccessKey key = EmulatedAccessKey.CreateRandom($"arn:aws:iam::{DefaultWorld.MainAccount}:user/benchmark");
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = DefaultWorld.Create() with { AccessKeys = [key] } }, CancellationToken.None);
        Console.WriteLine($"{emulator.Endpoint} {key.AccessKeyId} {key.SecretAccessKey}");
        await Console.In.ReadToEndAsync();
    }
}
