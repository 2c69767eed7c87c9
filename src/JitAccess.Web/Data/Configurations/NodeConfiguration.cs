using JitAccess.Domain.Nodes;
using JitAccess.Web.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class NodeConfiguration : IEntityTypeConfiguration<Node>, IEntityTypeConfiguration<NodeSource>
{
    public void Configure(EntityTypeBuilder<Node> node)
    {
        node.ToTable("nodes");
        node.HasKey(entity => entity.Id);
        node.Property(entity => entity.Tags).IsTags();
        node.HasIndex(entity => entity.Tags).HasMethod("gin");
        node.HasIndex(entity => new { entity.Name, entity.Id });
        node.HasIndex(entity => new { entity.Account, entity.Region });
    }

    public void Configure(EntityTypeBuilder<NodeSource> source)
    {
        source.ToTable("node_sources");
        source.HasKey(entity => new { entity.Account, entity.Region });
    }
}
