using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class KnownPersonConfiguration : IEntityTypeConfiguration<KnownPerson>
{
    public void Configure(EntityTypeBuilder<KnownPerson> person)
    {
        person.ToTable("people");
        person.HasKey(entity => entity.Subject);
        person.Property(entity => entity.Groups).IsNames();
        person.Property(entity => entity.Roles).IsNames();
        // People of before this was kept have none until they sign in again.
        person.Property(entity => entity.Attributes).IsJson().HasDefaultValueSql("'{}'");
    }
}
