using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JitAccess.Web.Data.Configurations;

internal sealed class PolicyDraftConfiguration : IEntityTypeConfiguration<PolicyDraft>
{
    public void Configure(EntityTypeBuilder<PolicyDraft> draft)
    {
        draft.ToTable("policy_draft", table => table.HasCheckConstraint("ck_policy_draft_only_one", "id = 1"));
        draft.HasKey(entity => entity.Id);
        draft.Property(entity => entity.Id).ValueGeneratedNever();
        draft.Property(entity => entity.BasedOn);
        draft.Property(entity => entity.Revision).IsConcurrencyToken();
        draft.Property(entity => entity.StartedAt);
        draft.Property(entity => entity.ChangedAt);
        draft.Property(entity => entity.Document).HasColumnName("policies").HasColumnType("jsonb");
        draft.Property(entity => entity.Editors).IsJson();
        draft.Property(entity => entity.Edits).IsJson();
        draft.Property(entity => entity.SuggestedComment);
        draft.Ignore(entity => entity.Policies);
    }
}
