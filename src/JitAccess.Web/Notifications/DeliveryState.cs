namespace JitAccess.Web.Notifications;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>To be sent, for the first time or again.</summary>
    Waiting,

    /// <summary>The other side has taken it.</summary>
    Delivered,

    /// <summary>Given up: the other side wants it never, or all tries failed. An admin may replay it.</summary>
    Dead,
}
