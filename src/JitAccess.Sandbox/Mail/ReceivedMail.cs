namespace JitAccess.Sandbox.Mail;

/// <summary>One message as it arrived.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipients.</param>
/// <param name="Text">Headers and body, lines ended by CR LF.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Text);
