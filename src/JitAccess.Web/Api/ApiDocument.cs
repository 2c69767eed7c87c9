using System.Buffers.Text;
using System.Security.Cryptography;
using JitAccess.Web.Tokens;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace JitAccess.Web.Api;

/// <summary>The OpenAPI document of the API, and the page that shows it.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string Scheme = "token";

    public static void AddApiDocument(this IHostApplicationBuilder builder) => builder.Services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith(ApiSetup.Root[1..] + "/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "JitAccess", Version = Name, Description = "Just-in-time access to nodes of AWS Systems Manager. Errors are problem details (RFC 9457); lists go on at next." };
            // The address that somebody asked at is theirs to know; a proxy may have rewritten it.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = $"An access token from {ApiSetup.Root}/oauth/token. Scopes: {string.Join(", ", TokenScopes.All)}." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<RequiredScope>().LastOrDefault() is { } scope)
            {
                operation.Description = $"Needs the scope `{scope.Name}`.";
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [scope.Name] }];
            }
            if (metadata.OfType<IdempotencyFilter.TakesKey>().Any()) AddHeader(operation, IdempotencyFilter.Header, "Repeats of the call under the same key within 24 hours act once and get the same answer.");
            if (metadata.OfType<ETags.TakesIfMatch>().Any()) AddHeader(operation, "If-Match", "Act only if the request still has this ETag.");
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi($"{ApiSetup.Root}/openapi.json").AllowAnonymous();
        routes.MapScalarApiReference("/api/docs", (options, http) =>
        {
            // The page starts itself by a script of its own: this answer, and no other, lets the one script run that has this answer's nonce.
            string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            http.Response.Headers.ContentSecurityPolicy = http.Response.Headers.ContentSecurityPolicy.ToString().Replace("script-src 'self'", $"script-src 'self' 'nonce-{nonce}'", StringComparison.Ordinal);
            // Nothing is fetched from, or told to, another host.
            options.WithNonce(nonce).WithTitle("JitAccess API").WithOpenApiRoutePattern($"{ApiSetup.Root}/openapi.json").DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools();
        }).AllowAnonymous();
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
}
