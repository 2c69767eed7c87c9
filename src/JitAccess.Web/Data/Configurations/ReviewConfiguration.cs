using JitAccess.Domain.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class ReviewConfiguration : IEntityTypeConfiguration<Review>
{
    public void Configure(EntityTypeBuilder<Review> review)
    {
        review.ToTable("reviews");
        review.HasKey(entity => entity.Id);
        review.Property(entity => entity.Id).ValueGeneratedNever();
        review.Property(entity => entity.Comment).HasMaxLength(Review.MaximumCommentLength);
        // The last word on "one person gives one review per request".
        review.HasIndex("RequestId", nameof(Review.Reviewer)).IsUnique();
        review.HasIndex("RequestId", nameof(Review.InPlaceOf)).IsUnique();
        review.Ignore(entity => entity.SeatOf);
    }
}
