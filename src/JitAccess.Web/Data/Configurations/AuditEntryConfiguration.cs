using JitAccess.Domain.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_entries");
        entry.HasKey(entity => entity.Id);
        entry.Property(entity => entity.Id).ValueGeneratedNever();
        entry.Property(entity => entity.Actor).HasColumnName("actor");
        entry.Property(entity => entity.Before).HasColumnType("jsonb");
        entry.Property(entity => entity.After).HasColumnType("jsonb");
        entry.Property(entity => entity.NodeId);
        entry.Property(entity => entity.PolicySetVersion);
        entry.HasIndex(entity => new { entity.At, entity.Id });
        entry.HasIndex(entity => entity.Subject);
        // Of each filter of the page the newest entries, in order.
        entry.HasIndex(entity => new { entity.Actor, entity.At });
        entry.HasIndex(entity => new { entity.Action, entity.At });
        entry.HasIndex(entity => new { entity.NodeId, entity.At });
        entry.HasIndex(entity => new { entity.PolicySetVersion, entity.At });
    }
}
