using JitAccess.Domain.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class RecordingConfiguration : IEntityTypeConfiguration<Recording>
{
    public void Configure(EntityTypeBuilder<Recording> recording)
    {
        recording.ToTable("recordings");
        recording.HasKey(entity => entity.SessionId);
        recording.Property(entity => entity.SessionId).ValueGeneratedNever();
        recording.HasOne<Session>().WithOne().HasForeignKey<Recording>(entity => entity.SessionId).IsRequired();
        recording.Property<uint>("xmin").IsRowVersion();
        recording.HasIndex(entity => entity.StartedAt).HasFilter("closed_at is null");
        recording.HasIndex(entity => entity.KeepUntil).HasFilter("deleted_at is null");
    }
}
