using JitAccess.Domain.Grants;
using JitAccess.Domain.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasKey(entity => entity.Id);
        session.Property(entity => entity.Id).ValueGeneratedNever();
        session.HasOne<Grant>().WithMany().HasForeignKey(entity => entity.GrantId).IsRequired();
        session.Property<uint>("xmin").IsRowVersion();
        session.HasIndex(entity => new { entity.Holder, entity.NodeId, entity.StartedAt });
        session.HasIndex(entity => entity.EndedAt).HasFilter("termination_confirmed_at is null");
    }
}
