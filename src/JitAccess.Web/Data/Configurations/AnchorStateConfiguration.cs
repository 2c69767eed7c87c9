using JitAccess.Web.Audit.Anchors;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class AnchorStateConfiguration : IEntityTypeConfiguration<AnchorState>
{
    public void Configure(EntityTypeBuilder<AnchorState> state)
    {
        state.ToTable("audit_anchors");
        state.HasKey(entity => entity.Name);
    }
}
