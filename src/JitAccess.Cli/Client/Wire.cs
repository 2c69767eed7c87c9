using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitAccess.Cli.Client;

/// <summary>What the program reads of the API's answers; the rest passes by.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static T Read<T>(JsonElement json) => json.Deserialize<T>(Json) ?? throw new JsonException("The server answered with nothing.");
}

internal sealed record DeviceStarted(
    [property: JsonPropertyName("device_code")] string DeviceCode, [property: JsonPropertyName("user_code")] string UserCode, [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string? VerificationUriComplete, [property: JsonPropertyName("expires_in")] int ExpiresIn, [property: JsonPropertyName("interval")] int Interval);

internal sealed record TokensGiven(
    [property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("refresh_token")] string RefreshToken, [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => nameof(TokensGiven);
}

internal sealed record OAuthError([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string? Description);

internal sealed record Problem(string? Title, string? Detail, Guid? RelatedRequestId);

internal sealed record Me(string Subject, string Name, string? Role, May CanAct, IReadOnlyList<string> Scopes);

internal sealed record May(bool Allowed, string? Why);

internal sealed record Node(string Id, string Name, string Account, string Region, string Platform, bool Online, string Sentence, string Outcome, int MaximumHours, Guid? ActiveRequestId, Guid? PendingRequestId);

internal sealed record Request(Guid Id, long Number, string Status, string Described, string RequesterName, string NodeName, string NodeId, string Reason, double DurationMinutes, DateTimeOffset SubmittedAt);

internal sealed record Grant(DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool IsActive);

internal sealed record RequestShown(Request Request, string Sentence, Grant? Grant);

internal sealed record Waiting(Request Request, May CanReview);

internal sealed record OwnSession(Guid Id, string NodeName, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string EndReason);

internal sealed record Opened(Guid Id, string SocketPath, DateTimeOffset EndsAt);
