namespace JitAccess.Web.Audit.Anchors;

/// <summary>An anchor could not be kept; the message is for admins.</summary>
public sealed class AnchorException(string message, Exception? cause = null) : Exception(message, cause);
