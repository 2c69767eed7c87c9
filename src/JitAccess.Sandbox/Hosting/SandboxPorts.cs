namespace JitAccess.Sandbox.Hosting;

internal sealed record SandboxPorts(int? Postgres, int? Emulator, int? Provider);
