using Microsoft.Extensions.Logging.Abstractions;

namespace JitAccess.Sandbox.Aws;

/// <summary>How the emulator is started.</summary>
public sealed record AwsEmulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What exists at the start.</summary>
    public SandboxWorld World { get; init; } = DefaultWorld.Create();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The user that shells run as when the emulator runs as root.</summary>
    public string ShellUser { get; init; } = "nobody";

    /// <summary>How long a node waits for each answer in a handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest piece of terminal output in one message; the real agent sends 1024 bytes.</summary>
    public int OutputChunkBytes { get; init; } = 1024;
}
