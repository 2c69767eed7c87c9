using JitAccess.Web.Audit.Anchors;
using JitAccess.Web.Audit.Export;
using JitAccess.Web.Aws;
using JitAccess.Web.Notifications.Channels;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Audit;

/// <summary>The audit: sealing what was written, checking it, showing it, handing it out, and keeping its hashes elsewhere.</summary>
public static class AuditSetup
{
    private static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(20);

    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditVerification>();
        builder.Services.AddSingleton<AuditQueries>();
        builder.Services.AddSingleton<AuditCheckService>();
        builder.Services.AddSingleton<AuditExport>();
        builder.Services.AddSingleton<AuditRetirement>();
        builder.Services.AddHostedService<AuditSealing>();
        builder.Services.AddHostedService<AuditMonths>();
        builder.AddAnchors();
    }

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit/export.csv", AuditDownload.Of(ExportFormat.Csv)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/audit/export.jsonl", AuditDownload.Of(ExportFormat.JsonLines)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/audit/export.ocsf.jsonl", AuditDownload.Of(ExportFormat.Ocsf)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/audit/entries/{id:guid}/proof", AuditDownload.ProofAsync).RequireAuthorization().ExcludeFromDescription();
    }

    /// <summary>Only the stores that are configured exist. They are made when the first anchor is due, so that a command that anchors nothing needs none.</summary>
    private static void AddAnchors(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AnchorOptions>().BindConfiguration(AnchorOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AnchorOptions>, AnchorOptionsValidation>();
        builder.Services.AddSingleton<AnchorQueries>();
        builder.Services.AddHostedService<AuditAnchoring>();
        AnchorOptions wanted = builder.Configuration.GetSection(AnchorOptions.Section).Get<AnchorOptions>() ?? new AnchorOptions();
        if (wanted.File is { } file) builder.Services.AddSingleton<IAnchorStore>(_ => new FileAnchor(file));
        if (wanted.Webhook is { } address)
            builder.Services.AddSingleton<IAnchorStore>(_ => new WebhookAnchor(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = WebhookTimeout }, address, StandardWebhook.KeyOf(wanted.WebhookSecret) ?? []));
        if (wanted.S3 is { Bucket: not null } s3) builder.Services.AddSingleton<IAnchorStore>(services => new S3Anchor(services.GetRequiredService<IObjectVault>(), s3));
    }
}
