using JitAccess.Domain.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class DelegationConfiguration : IEntityTypeConfiguration<Delegation>
{
    public void Configure(EntityTypeBuilder<Delegation> delegation)
    {
        delegation.ToTable("delegations");
        delegation.HasKey(entity => entity.Id);
        delegation.Property(entity => entity.Id).ValueGeneratedNever();
        delegation.Property(entity => entity.Note).HasMaxLength(Delegation.MaximumNoteLength);
        delegation.Property<uint>("xmin").IsRowVersion();
        delegation.HasIndex(entity => new { entity.Delegator, entity.Until });
        // Asked with every question about what somebody may answer.
        delegation.HasIndex(entity => new { entity.StandIn, entity.Until }).HasFilter("ended_at is null");
    }
}
