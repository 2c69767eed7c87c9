namespace JitAccess.Web.Audit;

/// <summary>The audit: sealing what was written, and checking it.</summary>
public static class AuditSetup
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditVerification>();
        builder.Services.AddHostedService<AuditSealing>();
    }
}
