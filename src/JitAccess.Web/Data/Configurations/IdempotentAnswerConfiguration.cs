using JitAccess.Web.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class IdempotentAnswerConfiguration : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> answer)
    {
        answer.ToTable("idempotent_answers");
        // The last word on "one call a key".
        answer.HasKey(entity => new { entity.Subject, entity.Key });
        answer.Property(entity => entity.Key).HasMaxLength(IdempotencyService.LongestKey);
        answer.Property(entity => entity.ETag).HasColumnName("etag");
        answer.HasIndex(entity => entity.ClaimedAt);
    }
}
