using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using JitAccess.Domain;
using JitAccess.Web.Idempotency;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace JitAccess.Web.Api;

/// <summary>The API for programs, under <c>/api/v1</c>: the same services as the screens, by token alone.</summary>
public static class ApiSetup
{
    internal const string Root = "/api/v1";

    /// <summary>How often one address may begin a sign-in or ask for tokens.</summary>
    internal const string SignInLimit = "sign-in";

    private const int SignInsPerMinute = 600;

    public static void AddApi(this IHostApplicationBuilder builder)
    {
        builder.AddTokens();
        builder.AddIdempotency();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ApiErrors>();
        builder.AddApiDocument();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            // A misspelt name is an error, not silence.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new StorableText());
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                return ValueTask.CompletedTask;
            };
            limits.AddPolicy(SignInLimit, http => RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress ?? IPAddress.None,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    /// <summary>Errors under <c>/api</c> are problem details, never a page. Before authentication, whose errors they are too.</summary>
    public static void UseApi(this WebApplication app) => app.UseWhen(http => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), api =>
    {
        api.UseStatusCodePages();
        // Not the framework's own middleware, which takes away the headers that every answer has.
        api.Use(async (http, next) =>
        {
            try
            {
                // Text that Postgres cannot keep.
                if (http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true) throw new RefusedException(RefusalKind.Invalid, "The address holds the character U+0000, which no text here has.");
                switch (http.GetEndpoint())
                {
                    // What routing itself answers (no such address, method or kind of body) is no secret: nobody is sent to sign in for it.
                    case null: http.Response.StatusCode = StatusCodes.Status404NotFound; break;
                    case { RequestDelegate: { } answer } made when made is not RouteEndpoint: await answer(http); break;
                    default: await next(http); break;
                }
            }
            catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            {
                await http.RequestServices.GetServices<IExceptionHandler>().OfType<ApiErrors>().Single().TryHandleAsync(http, exception, CancellationToken.None);
            }
        });
        api.UseRateLimiter();
    });

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(Root).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapOAuth();
        api.MapMe();
        api.MapNodes();
        api.MapRequests();
        api.MapVerbs();
        api.MapApprovals();
        api.MapSessionsApi();
        api.MapSeveral();
        routes.MapApiDocument();
    }
}
