using JitAccess.Domain.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class AuditSealConfiguration : IEntityTypeConfiguration<AuditSeal>
{
    public void Configure(EntityTypeBuilder<AuditSeal> seal)
    {
        seal.ToTable("audit_seals");
        seal.HasKey(entity => new { entity.Block, entity.Position });
        seal.Property(entity => entity.Leaf);
        // One place an entry. No foreign keys: whether entry and block are there is what the check tells.
        seal.HasIndex(entity => entity.EntryId).IsUnique();
    }
}
