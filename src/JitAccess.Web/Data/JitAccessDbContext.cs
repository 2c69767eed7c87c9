using System.Collections.Immutable;
using System.Data;
using System.Linq.Expressions;
using System.Reflection;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Audit.Anchors;
using JitAccess.Web.Idempotency;
using JitAccess.Web.Identity;
using JitAccess.Web.Nodes;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace JitAccess.Web.Data;

/// <summary>Everything that JitAccess knows, in Postgres.</summary>
public sealed class JitAccessDbContext(DbContextOptions<JitAccessDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<AccessRequest> Requests => Set<AccessRequest>();

    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Recording> Recordings => Set<Recording>();

    public DbSet<RecordedCommand> RecordedCommands => Set<RecordedCommand>();

    public DbSet<Node> Nodes => Set<Node>();

    public DbSet<NodeSource> NodeSources => Set<NodeSource>();

    public DbSet<KnownPerson> People => Set<KnownPerson>();

    public DbSet<Delegation> Delegations => Set<Delegation>();

    public DbSet<PublishedPolicySet> PolicySets => Set<PublishedPolicySet>();

    /// <summary>At most one row.</summary>
    public DbSet<PolicyDraft> PolicyDrafts => Set<PolicyDraft>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>The chain that seals the entries.</summary>
    public DbSet<AuditBlock> AuditBlocks => Set<AuditBlock>();

    public DbSet<AuditSeal> AuditSeals => Set<AuditSeal>();

    /// <summary>How far the chain is kept elsewhere.</summary>
    public DbSet<AnchorState> AnchorStates => Set<AnchorState>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    /// <summary>How each channel is doing.</summary>
    public DbSet<ChannelState> ChannelStates => Set<ChannelState>();

    public DbSet<NotificationPreferences> NotificationPreferences => Set<NotificationPreferences>();

    public DbSet<DeviceLogin> DeviceLogins => Set<DeviceLogin>();

    internal DbSet<DeviceAttempts> DeviceAttempts => Set<DeviceAttempts>();

    public DbSet<TokenFamily> TokenFamilies => Set<TokenFamily>();

    public DbSet<IssuedToken> Tokens => Set<IssuedToken>();

    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Who a request waits for, in a form that the store can search; kept by <see cref="SaveChangesAsync(bool, CancellationToken)"/>.</summary>
    internal const string OpenApproverKeys = nameof(OpenApproverKeys);

    /// <summary>Everybody named at any level of a request, and everybody who has answered it: who stood in for an approver still sees what they decided.</summary>
    internal const string ApproverKeys = nameof(ApproverKeys);

    /// <summary>All keys and values of tags as one text to search in; translated to <c>tags::text</c>.</summary>
    internal static string TagText(ImmutableSortedDictionary<string, string> tags) => throw new NotSupportedException("Only in queries.");

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (EntityEntry<AccessRequest> request in ChangeTracker.Entries<AccessRequest>().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
        {
            request.Property<string[]>(OpenApproverKeys).CurrentValue = [.. request.Entity.OpenApprovers.Select(approver => approver.Key)];
            request.Property<string[]>(ApproverKeys).CurrentValue = [.. request.Entity.Levels.SelectMany(level => level.Approvers).Select(approver => approver.Key)
                .Concat(request.Entity.Reviews.Where(review => !review.IsAutomatic).Select(review => new Approver(ApproverKind.Person, review.Reviewer!).Key)).Distinct()];
        }
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(JitAccessDbContext).Assembly);
        modelBuilder.HasDbFunction(typeof(JitAccessDbContext).GetMethod(nameof(TagText), BindingFlags.NonPublic | BindingFlags.Static)!)
            .HasTranslation(arguments => new SqlUnaryExpression(ExpressionType.Convert, arguments[0], typeof(string), new StringTypeMapping("text", DbType.String)))
            .HasParameter("tags").HasStoreType("jsonb");
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<InstanceId>().HaveConversion<InstanceIdConverter>();
        configurationBuilder.Properties<AccountId>().HaveConversion<AccountIdConverter>();
        configurationBuilder.Properties<Digest>().HaveConversion<DigestConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }
}
