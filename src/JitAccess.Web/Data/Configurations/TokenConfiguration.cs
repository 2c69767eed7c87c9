using JitAccess.Web.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class TokenConfiguration :
    IEntityTypeConfiguration<DeviceLogin>, IEntityTypeConfiguration<DeviceAttempts>, IEntityTypeConfiguration<TokenFamily>, IEntityTypeConfiguration<IssuedToken>
{
    public void Configure(EntityTypeBuilder<DeviceLogin> login)
    {
        login.ToTable("device_logins");
        login.HasKey(entity => entity.Id);
        login.Property(entity => entity.Id).ValueGeneratedNever();
        login.Property(entity => entity.Scopes).IsNames();
        login.Ignore(entity => entity.Client);
        login.Property<uint>("xmin").IsRowVersion();
        login.HasIndex(entity => entity.CodeHash).IsUnique();
        login.HasIndex(entity => entity.UserCode).IsUnique();
        login.HasIndex(entity => entity.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<DeviceAttempts> attempts)
    {
        attempts.ToTable("device_attempts");
        attempts.HasKey(entity => entity.Subject);
    }

    public void Configure(EntityTypeBuilder<TokenFamily> family)
    {
        family.ToTable("token_families");
        family.HasKey(entity => entity.Id);
        family.Property(entity => entity.Id).ValueGeneratedNever();
        family.Property(entity => entity.Scopes).IsNames();
        family.Ignore(entity => entity.Client);
        family.Property<uint>("xmin").IsRowVersion();
        family.HasIndex(entity => new { entity.Subject, entity.Id });
        family.HasIndex(entity => entity.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<IssuedToken> token)
    {
        token.ToTable("tokens");
        token.HasKey(entity => entity.Hash);
        token.HasOne<TokenFamily>().WithMany().HasForeignKey(entity => entity.FamilyId).IsRequired().OnDelete(DeleteBehavior.Cascade);
        token.Property<uint>("xmin").IsRowVersion();
        token.HasIndex(entity => entity.ExpiresAt);
    }
}
