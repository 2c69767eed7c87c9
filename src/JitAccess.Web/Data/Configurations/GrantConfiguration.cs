using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class GrantConfiguration : IEntityTypeConfiguration<Grant>
{
    /// <summary>The name of the index that lets, per person and node, one grant live that began at approval, and one that waits for its start.</summary>
    public const string OneLivingIndex = "ux_grants_one_living_per_person_and_node";

    public void Configure(EntityTypeBuilder<Grant> grant)
    {
        grant.ToTable("grants");
        grant.HasKey(entity => entity.Id);
        grant.Property(entity => entity.Id).ValueGeneratedNever();
        grant.Property(entity => entity.RevokeReason).HasMaxLength(AccessQuestion.MaximumReasonLength);
        grant.Property(entity => entity.SessionRules).IsJson().HasDefaultValueSql("'{}'");
        grant.Property<uint>("xmin").IsRowVersion();
        // The last word on "asking again inside the window is answered with the grant": two submits at the same instant open one.
        // A scheduled grant that has opened makes room for the next one to wait.
        grant.HasIndex(entity => new { entity.Holder, entity.NodeId, entity.IsScheduled }).IsUnique().HasDatabaseName(OneLivingIndex)
            .HasFilter("ended_at is null and (not is_scheduled or activated_at is null)");
        grant.HasIndex(entity => new { entity.Holder, entity.NodeId }).HasFilter("ended_at is null");
        grant.HasIndex(entity => entity.StartsAt).HasFilter("ended_at is null and activated_at is null");
        grant.HasIndex(entity => entity.EndsAt).HasFilter("ended_at is null");
    }
}
