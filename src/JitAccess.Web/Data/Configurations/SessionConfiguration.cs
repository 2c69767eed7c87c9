using JitAccess.Domain.Grants;
using JitAccess.Domain.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    /// <summary>The lease of the process that holds the session's data channel; a live session whose lease is not renewed any more has lost its process.</summary>
    public const string HeldUntil = nameof(HeldUntil);

    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasKey(entity => entity.Id);
        session.Property(entity => entity.Id).ValueGeneratedNever();
        session.HasOne<Grant>().WithMany().HasForeignKey(entity => entity.GrantId).IsRequired();
        session.Property<DateTimeOffset?>(HeldUntil);
        session.Property<uint>("xmin").IsRowVersion();
        session.HasIndex(entity => new { entity.Holder, entity.NodeId, entity.StartedAt });
        session.HasIndex(entity => entity.EndedAt).HasFilter("termination_confirmed_at is null");
        session.HasIndex(HeldUntil).HasFilter("ended_at is null");
    }
}
