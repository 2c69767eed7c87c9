using JitAccess.Web.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class WaitingEntryConfiguration : IEntityTypeConfiguration<WaitingEntry>
{
    public void Configure(EntityTypeBuilder<WaitingEntry> waiting)
    {
        waiting.ToTable("audit_waiting");
        waiting.HasKey(entity => entity.EntryId);
        waiting.Property(entity => entity.EntryId).ValueGeneratedNever();
        waiting.Property(entity => entity.Number).UseIdentityAlwaysColumn();
        waiting.HasIndex(entity => entity.Number);
    }
}
