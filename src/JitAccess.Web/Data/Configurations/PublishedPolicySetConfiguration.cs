using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class PublishedPolicySetConfiguration : IEntityTypeConfiguration<PublishedPolicySet>
{
    public void Configure(EntityTypeBuilder<PublishedPolicySet> policySet)
    {
        policySet.ToTable("policy_sets");
        // Two admins who publish at the same instant want the same number: the key lets one of them through.
        policySet.HasKey(entity => entity.Number);
        policySet.Property(entity => entity.Number).ValueGeneratedNever();
        // Read as text: a document that cannot be understood must not take the row with it.
        policySet.Property(entity => entity.Document).HasColumnName("policies").HasColumnType("jsonb");
        policySet.Ignore(entity => entity.Policies);
    }
}
