using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitAccess.Sandbox.Aws;

/// <summary>How the emulator is started.</summary>
public sealed record AwsEmulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The certificate of a second port, for machines' own agents; null for no such port. See <see cref="LocalCertificate"/>.</summary>
    public X509Certificate2? AgentCertificate { get; init; }

    /// <summary>The agents' port on 127.0.0.1; 0 takes a free one.</summary>
    public int AgentPort { get; init; }

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
