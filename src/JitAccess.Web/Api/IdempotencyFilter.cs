using System.Text;
using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace JitAccess.Web.Api;

/// <summary>The header <c>Idempotency-Key</c>: a call that is repeated under its key with the same body is answered as the first time, and acts once.</summary>
internal static class IdempotencyFilter
{
    public const string Header = "Idempotency-Key";

    /// <summary>Marks an endpoint that takes the header, for the document.</summary>
    internal sealed record TakesKey;

    /// <typeparam name="T">The body.</typeparam>
    public static RouteHandlerBuilder TakesIdempotencyKey<T>(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(FilterAsync<T>).WithMetadata(new TakesKey())
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async ValueTask<object?> FilterAsync<T>(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var given)) return await next(context);
        string key = given.ToString();
        if (key.Length is 0 or > IdempotencyService.LongestKey || key.Any(letter => letter is < ' ' or > '~'))
            throw new RefusedException(RefusalKind.Invalid, $"{Header} must be 1 to {IdempotencyService.LongestKey} printable characters of ASCII.");
        Actor actor = context.Arguments.OfType<Caller>().Single().Actor;
        JsonSerializerOptions json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        string call = $"{http.Request.Method} {http.Request.Path.Value}\n{JsonSerializer.Serialize(context.Arguments.OfType<T>().Single(), json)}";
        IdempotencyService answers = http.RequestServices.GetRequiredService<IdempotencyService>();
        IdempotencyClaim claim = await answers.ClaimAsync(actor, key, Digest.Of(Encoding.UTF8.GetBytes(call)), http.RequestAborted);
        return claim.State switch
        {
            IdempotencyState.First => await AnswerAsync(context, next, answers, claim.Row),
            IdempotencyState.Answered => new KeptAnswer(claim.Row),
            IdempotencyState.UnderWay => Problem(StatusCodes.Status409Conflict, $"A call with this {Header} is under way. Wait a moment, then ask again with the same key."),
            IdempotencyState.OtherBody => Problem(StatusCodes.Status422UnprocessableEntity, $"This {Header} was used for a call with another body. Take a new key."),
        };
    }

    private static async Task<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, IdempotencyService answers, IdempotentAnswer claimed)
    {
        HttpContext http = context.HttpContext;
        Stream body = http.Response.Body;
        using MemoryStream written = new();
        try
        {
            IResult result;
            try
            {
                result = (IResult)(await next(context))!;
            }
            catch (RefusedException refusal) when (refusal.Kind != RefusalKind.Unavailable)
            {
                result = ApiErrors.Of(refusal);
            }
            http.Response.Body = written;
            await result.ExecuteAsync(http);
            string text = Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
            await answers.KeepAsync(claimed, http.Response.StatusCode, http.Response.ContentType, http.Response.Headers.Location, http.Response.Headers.ETag, text);
        }
        catch
        {
            // What failed may be tried again under its key: nothing was made, and if something was, the services know it.
            http.Response.Body = body;
            await answers.GiveBackAsync(claimed);
            throw;
        }
        http.Response.Body = body;
        await body.WriteAsync(written.GetBuffer().AsMemory(0, (int)written.Length), http.RequestAborted);
        return TypedResults.Empty;
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(new ProblemDetails { Status = status, Detail = detail });

    private sealed class KeptAnswer(IdempotentAnswer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            HttpResponse response = httpContext.Response;
            response.StatusCode = answer.Status!.Value;
            response.ContentType = answer.ContentType;
            if (answer.Location is not null) response.Headers.Location = answer.Location;
            if (answer.ETag is not null) response.Headers.ETag = answer.ETag;
            response.Headers["Idempotency-Replayed"] = "true";
            return response.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
