using JitAccess.Domain.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class AuditBlockConfiguration : IEntityTypeConfiguration<AuditBlock>
{
    public void Configure(EntityTypeBuilder<AuditBlock> block)
    {
        block.ToTable("audit_blocks");
        block.HasKey(entity => entity.Number);
        block.Property(entity => entity.Number).ValueGeneratedNever();
    }
}
