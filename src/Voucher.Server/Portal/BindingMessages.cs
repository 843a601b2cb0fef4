using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Voucher.Server.Portal;

/// <summary>What a form says when a field has the wrong type, in the reader's language.</summary>
public static class BindingMessages
{
    public static void Configure(DefaultModelBindingMessageProvider messages)
    {
        messages.SetValueMustBeANumberAccessor(_ => NotANumber);
        messages.SetNonPropertyValueMustBeANumberAccessor(() => NotANumber);
        messages.SetAttemptedValueIsInvalidAccessor((_, _) => WrongForm);
        messages.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => WrongForm);
        messages.SetUnknownValueIsInvalidAccessor(_ => WrongForm);
        messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => WrongForm);
        messages.SetValueIsInvalidAccessor(_ => WrongForm);
        messages.SetValueMustNotBeNullAccessor(_ => WrongForm);
    }

    private static string NotANumber => new Words("请填写数字", "Give a number").In(Speech.Language);

    private static string WrongForm => new Words("格式不对", "Wrong format").In(Speech.Language);
}
