namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Marks of a message: a node sets <see cref="First"/> on its first stream message, acknowledgements carry both.</summary>
[Flags]
public enum MessageFlags : ulong
{
    None = 0,
    First = 1,
    Last = 2,
}
