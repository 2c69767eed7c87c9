using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Identity;
using JitAccess.Web.Nodes;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Data;

/// <summary>Everything that JitAccess knows, in Postgres.</summary>
public sealed class JitAccessDbContext(DbContextOptions<JitAccessDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<AccessRequest> Requests => Set<AccessRequest>();

    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Node> Nodes => Set<Node>();

    public DbSet<NodeSource> NodeSources => Set<NodeSource>();

    public DbSet<KnownPerson> People => Set<KnownPerson>();

    public DbSet<PublishedPolicySet> PolicySets => Set<PublishedPolicySet>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(JitAccessDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<InstanceId>().HaveConversion<InstanceIdConverter>();
        configurationBuilder.Properties<AccountId>().HaveConversion<AccountIdConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }
}
