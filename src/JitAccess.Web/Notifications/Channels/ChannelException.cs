namespace JitAccess.Web.Notifications.Channels;

/// <summary>A channel did not take a delivery; the message is for admins.</summary>
public sealed class ChannelException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether trying again is of no use.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether it is about this one recipient or message, and the channel itself works.</summary>
    public bool IsOfThisOne { get; init; }

    /// <summary>How long the other side asks to be left alone; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
