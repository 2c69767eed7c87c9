using JitAccess.Domain.Grants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class GrantConfiguration : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> grant)
    {
        grant.ToTable("grants");
        grant.HasKey(entity => entity.Id);
        grant.Property(entity => entity.Id).ValueGeneratedNever();
        grant.Property<uint>("xmin").IsRowVersion();
        grant.HasIndex(entity => new { entity.Holder, entity.NodeId }).HasFilter("ended_at is null");
        grant.HasIndex(entity => entity.EndsAt).HasFilter("ended_at is null");
    }
}
