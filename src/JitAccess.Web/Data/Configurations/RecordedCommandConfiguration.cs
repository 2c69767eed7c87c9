using JitAccess.Domain.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class RecordedCommandConfiguration : IEntityTypeConfiguration<RecordedCommand>
{
    public void Configure(EntityTypeBuilder<RecordedCommand> command)
    {
        command.ToTable("recorded_commands");
        command.HasKey(entity => new { entity.SessionId, entity.Ordinal });
        command.Property(entity => entity.Text).HasMaxLength(RecordedCommand.LongestText);
        command.HasOne<Recording>().WithMany().HasForeignKey(entity => entity.SessionId).IsRequired();
    }
}
