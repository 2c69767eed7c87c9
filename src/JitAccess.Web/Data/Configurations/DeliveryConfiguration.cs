using JitAccess.Web.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries");
        delivery.HasKey(entity => entity.Id);
        delivery.Property(entity => entity.Id).ValueGeneratedNever();
        delivery.Property(entity => entity.Content).HasColumnType("jsonb");
        delivery.Property(entity => entity.Address);
        delivery.Property(entity => entity.CreatedAt);
        delivery.Property<uint>("xmin").IsRowVersion();
        // The last word on telling everybody once.
        delivery.HasIndex(entity => new { entity.MessageId, entity.Channel, entity.Recipient }).IsUnique();
        delivery.HasIndex(entity => new { entity.Channel, entity.DueAt }).HasFilter("state = 'Waiting'");
        delivery.HasIndex(entity => new { entity.Channel, entity.ClosedAt }).HasFilter("state = 'Dead'");
        delivery.HasIndex(entity => entity.CreatedAt);
    }
}
