using JitAccess.Web.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.ToTable("outbox");
        message.HasKey(entity => entity.Id);
        message.Property(entity => entity.Id).ValueGeneratedNever();
        message.Property(entity => entity.Content).HasColumnType("jsonb");
        message.Property(entity => entity.SentAt);
        message.HasIndex(entity => entity.CreatedAt).HasFilter("sent_at is null");
    }
}
