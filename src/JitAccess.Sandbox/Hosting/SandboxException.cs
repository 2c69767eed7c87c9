namespace JitAccess.Sandbox.Hosting;

/// <summary>Something that whoever started the sandbox can mend; the message is all they need.</summary>
public sealed class SandboxException(string message, Exception? cause = null) : Exception(message, cause);
