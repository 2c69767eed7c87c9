using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class AccessRequestConfiguration : IEntityTypeConfiguration<AccessRequest>
{
    /// <summary>The last word on "one pending request per person and node".</summary>
    public const string OnePendingIndex = "ux_requests_one_pending_per_person_and_node";

    public void Configure(EntityTypeBuilder<AccessRequest> request)
    {
        request.ToTable("requests");
        request.HasKey(entity => entity.Id);
        request.Property(entity => entity.Id).ValueGeneratedNever();
        request.Property(entity => entity.Number).UseIdentityAlwaysColumn();
        request.HasIndex(entity => entity.Number).IsUnique();
        // The newest that are decided, without reading through all that wait.
        request.HasIndex(entity => entity.Number, "Decided").HasDatabaseName("ix_requests_decided").HasFilter("status <> 'Pending'");
        request.Property(entity => entity.Tags).IsTags();
        request.Property(entity => entity.Decision).IsJson();
        request.Property(entity => entity.Reason).HasMaxLength(256);
        request.Property(entity => entity.Ticket).HasMaxLength(AccessQuestion.MaximumTicketLength);
        request.Ignore(entity => entity.Levels);
        request.HasMany(entity => entity.Reviews).WithOne().HasForeignKey("RequestId").IsRequired();
        request.Navigation(entity => entity.Reviews).AutoInclude();
        request.HasOne(entity => entity.Grant).WithOne().HasForeignKey<Grant>(grant => grant.RequestId).IsRequired();
        request.HasOne(entity => entity.ExtendedGrant).WithMany().HasForeignKey(entity => entity.Extends).OnDelete(DeleteBehavior.Restrict);
        // Whoever decides about more time moves the grant's end, so a request is never read without the grant that it extends.
        request.Navigation(entity => entity.ExtendedGrant).AutoInclude();
        request.Ignore(entity => entity.OpenApprovers);
        request.Ignore(entity => entity.OpenReviewers);
        request.Ignore(entity => entity.BreakGlassReview);
        request.Property<string[]>(JitAccessDbContext.OpenApproverKeys);
        request.Property<string[]>(JitAccessDbContext.ApproverKeys);
        request.HasIndex(JitAccessDbContext.OpenApproverKeys).HasMethod("gin").HasFilter("status = 'Pending'");
        request.HasIndex(JitAccessDbContext.ApproverKeys).HasMethod("gin");
        request.Property<uint>("xmin").IsRowVersion();
        request.HasIndex(entity => new { entity.Requester, entity.NodeId }).IsUnique().HasDatabaseName(OnePendingIndex).HasFilter("status = 'Pending'");
        request.HasIndex(entity => new { entity.Status, entity.SubmittedAt, entity.Id });
        request.HasIndex(entity => new { entity.Requester, entity.SubmittedAt });
        request.HasIndex(entity => entity.BatchId).HasFilter("batch_id is not null");
        request.HasIndex(entity => entity.TimesOutAt).HasFilter("status = 'Pending'");
        request.HasIndex(entity => entity.BrokeGlass).HasFilter("broke_glass");
        request.HasIndex(entity => entity.Extends).HasFilter("extends is not null");
    }
}
