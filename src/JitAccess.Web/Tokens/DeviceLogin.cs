using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;

namespace JitAccess.Web.Tokens;

/// <summary>How a device login stands.</summary>
public enum DeviceLoginState
{
    /// <summary>Nobody has answered yet.</summary>
    Pending,

    /// <summary>A person confirmed it; the device has yet to fetch its tokens.</summary>
    Confirmed,

    /// <summary>A person refused it.</summary>
    Refused,

    /// <summary>The device has its tokens.</summary>
    Redeemed,
}

/// <summary>A program somewhere asks to act for a person, who answers in a browser (RFC 8628).</summary>
public sealed class DeviceLogin
{
    /// <summary>How long a person has to answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How often the device may ask, in seconds, until it is told to slow down.</summary>
    public const int FirstIntervalSeconds = 5;

    public required Guid Id { get; init; }

    /// <summary>The hash of what the device holds.</summary>
    public required Digest CodeHash { get; init; }

    /// <summary>What the person types.</summary>
    public required string UserCode { get; init; }

    /// <summary>What the program calls itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it calls the machine that it runs on; empty if it said nothing.</summary>
    public required string DeviceName { get; init; }

    public required ImmutableSortedSet<string> Scopes { get; init; }

    /// <summary>The network address that it asked from; null if not known.</summary>
    public string? Address { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DeviceLoginState State { get; private set; }

    public int IntervalSeconds { get; private set; } = FirstIntervalSeconds;

    /// <summary>When the device last asked for its tokens.</summary>
    public DateTimeOffset? PolledAt { get; private set; }

    /// <summary>Who answered; null while nobody has.</summary>
    public string? Subject { get; private set; }

    /// <summary>The ARN of the role under which they confirmed.</summary>
    public string? Role { get; private set; }

    /// <summary>The program and its machine in words: <c>jit on build-7</c>.</summary>
    public string Client => NameOf(ClientId, DeviceName);

    public static string NameOf(string clientId, string deviceName) => deviceName.Length == 0 ? clientId : $"{clientId} on {deviceName}";

    /// <summary>Whether a person may answer: tokens act under a role, so somebody without one can give none.</summary>
    public Ruling CanBeAnswered(Actor actor, DateTimeOffset now)
    {
        if (State != DeviceLoginState.Pending) return Ruling.Refused(RefusalKind.Conflict, "This code was answered already. Start the sign-in on the device again if it was not you.");
        return now < ExpiresAt ? actor.CanAct() : Ruling.Refused(RefusalKind.Conflict, "This code has expired. Start the sign-in on the device again.");
    }

    /// <exception cref="RefusedException">See <see cref="CanBeAnswered"/>.</exception>
    public void Confirm(Actor actor, DateTimeOffset now)
    {
        CanBeAnswered(actor, now).ThrowIfRefused();
        (State, Subject, Role) = (DeviceLoginState.Confirmed, actor.Subject, actor.Role!.Value);
    }

    /// <exception cref="RefusedException">See <see cref="CanBeAnswered"/>.</exception>
    public void Refuse(Actor actor, DateTimeOffset now)
    {
        CanBeAnswered(actor, now).ThrowIfRefused();
        (State, Subject) = (DeviceLoginState.Refused, actor.Subject);
    }

    /// <summary>The device asks. Whoever asks too often waits longer from then on.</summary>
    /// <returns>False if it asked too soon.</returns>
    public bool Poll(DateTimeOffset now)
    {
        bool isTooSoon = PolledAt is { } last && now - last < TimeSpan.FromSeconds(IntervalSeconds);
        PolledAt = now;
        if (isTooSoon) IntervalSeconds += 5;
        return !isTooSoon;
    }

    /// <summary>The device takes its tokens, which can be had once.</summary>
    public void Redeem()
    {
        if (State != DeviceLoginState.Confirmed) throw new InvalidOperationException("Only what a person confirmed is redeemed.");
        State = DeviceLoginState.Redeemed;
    }
}
