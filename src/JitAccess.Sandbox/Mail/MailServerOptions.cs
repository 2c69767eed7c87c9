using System.Security.Cryptography.X509Certificates;

namespace JitAccess.Sandbox.Mail;

public sealed record MailServerOptions
{
    /// <summary>Where it listens; null takes a free port.</summary>
    public int? Port { get; init; }

    /// <summary>Where messages are kept as files; null keeps them in memory only.</summary>
    public string? Folder { get; init; }

    /// <summary>What STARTTLS shows; null for a server that has no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What is answered to a command, given its first word in capitals (“.” for the end of a message), instead of what should be; null for no mischief.</summary>
    public Func<string, string?> Mischief { get; init; } = _ => null;
}
