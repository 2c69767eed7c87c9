namespace JitAccess.Sandbox.OpenIdConnect;

public sealed record OpenIdProviderOptions
{
    /// <summary>Where the application is reached; sign-in returns to <c>/signin-oidc</c> and sign-out to <c>/signout-callback-oidc</c> below.</summary>
    public required IReadOnlyList<Uri> ClientAddresses { get; init; }

    /// <summary>The port to listen on when it is free; otherwise, and for null, any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Where keys and the client's secret are kept between runs; null makes new ones.</summary>
    public string? DataDirectory { get; init; }
}
